// A relay and folders for accounts, thrown away after each test.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Relay, startRelay } from "@sotto/relay";

/** A relay in this process, and a folder for everything. */
export class World implements AsyncDisposable {
  relay: Relay;
  readonly #folder: string;

  private constructor(relay: Relay, folder: string) {
    this.relay = relay;
    this.#folder = folder;
  }

  static async start(): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), "sotto-cli-"));
    return new World(await startRelay({ dataDir: join(folder, "relay"), port: 0 }), folder);
  }

  /** The relay is gone; what it gives is the way to bring it back, with its data and at its address. */
  async stopRelay(): Promise<() => Promise<void>> {
    const { port } = this.relay;
    await this.relay.stop();
    return async () => {
      this.relay = await startRelay({ dataDir: this.path("relay"), port });
    };
  }

  /** A path in the folder. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** The flags of a person: where their account is. */
  person(name: string): string[] {
    return ["--dir", this.path(name)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.relay.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
