// One line about the connection and about what is still on its way, only while there is something to say: people need no line for "all is
// well".

import type { Client, Connection } from "@sotto/client";
import type { JSX } from "preact";
import { useLive } from "../state/live.ts";

/** The line under the chat list. */
export function ConnectionLine({ client }: { client: Client }): JSX.Element {
  const connection = useLive(client.connection);
  const { done, total } = useLive(client.devices.history);
  const coming = connection.state === "online" && done < total;
  return (
    <p class="connection-line" role="status" data-state={connection.state} hidden={connection.state === "online" && !coming}>
      <span class="dot" aria-hidden="true" />
      {coming ? "Older messages are still coming" : connectionWords(connection)}
      {/* Read aloud, each step would interrupt. */}
      {coming && <span aria-hidden="true">{Math.floor((100 * done) / total)} %</span>}
    </p>
  );
}

/** Whether another device of the account has removed this one: what is here can be read, nothing comes or goes. */
export function isRemoved(connection: Connection): boolean {
  return connection.state === "blocked" && connection.reason === "removed";
}

/** The connection in words. */
export function connectionWords(connection: Connection): string {
  switch (connection.state) {
    case "online":
      return `Connected to ${connection.relay.host}`;
    case "connecting":
      return "Connecting…";
    case "offline":
      return connection.reason === "no-network"
        ? "No network. What you write waits here."
        : "The relay does not answer. What you write waits here.";
    case "blocked":
      switch (connection.reason) {
        case "upgrade-required":
          return "The relay needs a newer version: load Sotto again.";
        case "rate-limited":
          return "The relay asks for a pause. It goes on by itself.";
        case "removed":
          return "This device was removed from the account.";
        case "erased":
          return "The account was erased from this device in another tab.";
      }
  }
}
