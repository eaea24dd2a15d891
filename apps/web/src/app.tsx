// The whole app by stage and place: before there is an account, or the panes once it is open. Also what lies over every screen:
// the live region, the sheet for what nobody foresaw.

import type { JSX } from "preact";
import { Component } from "preact";
import type { ComponentChildren } from "preact";
import { later } from "./parts/later.tsx";
import { Sheet } from "./parts/sheet.tsx";
import { Panes } from "./screens/panes.tsx";
import { Start } from "./screens/start.tsx";
import { openHere, stage } from "./state/account.ts";
import { announcement, crash } from "./state/happenings.ts";
import { problemOf } from "./state/problem.ts";
import { route } from "./state/route.ts";
import { ProblemNotice } from "./parts/notice.tsx";
import { Wordmark } from "./parts/wordmark.tsx";

const Insecure = later(async () => (await import("./screens/insecure.tsx")).Insecure);
const Join = later(async () => (await import("./screens/join.tsx")).Join);
const Restore = later(async () => (await import("./screens/restore.tsx")).Restore);

/** The app. */
export function App(): JSX.Element {
  return (
    <Boundary>
      <Screen />
      <p class="unseen" role="status" aria-live="polite" aria-label="Announcements">
        {announcement.value.text}
      </p>
      <CrashSheet />
    </Boundary>
  );
}

function Screen(): JSX.Element {
  const now = stage.value;
  switch (now.at) {
    case "opening":
      return (
        <main class="plain-screen" aria-busy="true">
          <Wordmark />
        </main>
      );
    case "insecure":
      return <Insecure />;
    case "failed":
      return (
        <main class="plain-screen">
          <Wordmark />
          <ProblemNotice problem={now.problem} onRetry={() => void openHere()} />
        </main>
      );
    case "nobody":
      if (route.value.at === "join") return <Join />;
      return route.value.at === "restore" ? <Restore /> : <Start />;
    case "open":
      return <Panes client={now.client} />;
  }
}

function CrashSheet(): JSX.Element | null {
  if (crash.value === undefined) return null;
  const { title, text } = problemOf(crash.value);
  const close = (): void => {
    crash.value = undefined;
  };
  return (
    <Sheet title={title} onClose={close}>
      <p>{text}</p>
      <div class="button-row">
        <button type="button" class="button primary" onClick={() => location.reload()}>
          Load Sotto again
        </button>
        <button type="button" class="button" onClick={close}>
          Stay here
        </button>
      </div>
    </Sheet>
  );
}

/** Keeps a view that throws from taking the screen with it. */
class Boundary extends Component<{ children: ComponentChildren }, { problem: unknown }> {
  override state = { problem: undefined as unknown };

  static override getDerivedStateFromError(problem: unknown): { problem: unknown } {
    return { problem };
  }

  override render(): ComponentChildren {
    if (this.state.problem === undefined) return this.props.children;
    return (
      <main class="plain-screen">
        <Wordmark />
        <ProblemNotice problem={new Error("a view failed", { cause: this.state.problem })} />
      </main>
    );
  }
}
