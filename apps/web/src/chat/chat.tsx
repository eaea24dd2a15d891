// One open chat: its head, its messages, the composer, and the details beside it or over it. Holds the transcript while it is open.

import type { Client, Conversation, Trust } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ChatMore } from "../listing/chat-more.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { later } from "../parts/later.tsx";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { Sheet } from "../parts/sheet.tsx";
import { isRemoved } from "../screens/connection-line.tsx";
import { useLive, usePromise } from "../state/live.ts";
import { back, go } from "../state/route.ts";
import { chatName } from "./chat-name.ts";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";
import { ChatQuestions } from "./questions.tsx";
import { Transcript } from "./transcript.ts";
import { useWide } from "./wide.ts";

const About = later(async () => (await import("./about.tsx")).About);

/** The chat with this id. */
export function Chat({ client, id, about }: { client: Client; id: string; about: boolean }): JSX.Element {
  const [round, setRound] = useState(0);
  const { value, problem } = usePromise(async () => ({ conversation: await find(client, id) }), [client, id, round]);
  if (problem !== undefined) return <ProblemNotice problem={problem} onRetry={() => setRound(round + 1)} />;
  if (value === undefined) return <div class="chat" aria-busy="true" />;
  if (value.conversation === undefined) return <Gone />;
  return <OpenChat client={client} conversation={value.conversation} about={about} />;
}

/** A chat that was just made is in the list already; asking the store for it would show an empty pane for a moment. */
async function find(client: Client, id: string): Promise<Conversation | undefined> {
  const listed = client.conversations.list.get().find((conversation) => conversation.id === id);
  return listed ?? client.conversations.get(id as Conversation["id"]);
}

function OpenChat({ client, conversation, about }: { client: Client; conversation: Conversation; about: boolean }): JSX.Element {
  const [transcript, setTranscript] = useState<Transcript>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const opened = new Transcript(client, conversation);
    opened.open();
    setTranscript(opened);
    return () => opened.close();
  }, [client, conversation, round]);
  const wide = useWide();
  const removed = isRemoved(useLive(client.connection));
  const { contact } = conversation;
  const closeAbout = (): void => back({ at: "chat", id: conversation.id });
  return (
    <>
      <section class="chat" aria-label="Conversation">
        <ChatHead conversation={conversation} about={about} />
        {transcript !== undefined && <MessageList key={round} transcript={transcript} onRetry={() => setRound(round + 1)} />}
        <ChatQuestions client={client} conversation={conversation} about={about} />
        {removed ? <Removed /> : <Composer conversation={conversation} />}
      </section>
      {about && contact !== undefined && wide && (
        <aside class="pane-about" aria-label={`About ${contact.name}`}>
          <header class="pane-head">
            <h2>About</h2>
            <button type="button" class="icon-button" aria-label="Close" onClick={closeAbout}>
              <Icon name="close" />
            </button>
          </header>
          <About client={client} contact={contact} />
        </aside>
      )}
      {about && contact !== undefined && !wide && (
        <Sheet title="About" onClose={closeAbout}>
          <About client={client} contact={contact} />
        </Sheet>
      )}
    </>
  );
}

/** Where the composer was: what is written here would go nowhere. */
function Removed(): JSX.Element {
  return (
    <div class="composer">
      <Notice
        tone="bad"
        icon="warning"
        title="This device was removed"
        text="You can read this chat here, and write on your other devices."
      />
    </div>
  );
}

function ChatHead({ conversation, about }: { conversation: Conversation; about: boolean }): JSX.Element {
  const state = useLive(conversation.state);
  const [menuAt, setMenuAt] = useState<DOMRect>();
  const notes = conversation.kind === "notes";
  const name = (
    <>
      <Avatar id={conversation.contact?.id ?? conversation.id} name={chatName(conversation)} notes={notes} />
      <span class="chat-head-words">
        <span class="chat-head-name">
          <bdi>{chatName(conversation)}</bdi>
        </span>
        <span class="chat-head-trust" data-trust={state.trust}>
          {notes ? "Only you, on all your devices" : trustWords(state.trust, state.phase)}
          {state.muted && " · muted"}
          {state.archived && " · archived"}
        </span>
      </span>
    </>
  );
  const toggle = (): void => (about ? back({ at: "chat", id: conversation.id }) : go({ at: "chat", id: conversation.id, about: true }));
  return (
    <header class="pane-head chat-head">
      <button type="button" class="icon-button only-narrow" aria-label="Back to the chats" onClick={() => back()}>
        <Icon name="back" />
      </button>
      {notes ? (
        <h1 class="chat-head-who">{name}</h1>
      ) : (
        <h1 class="chat-head-title">
          <button type="button" class="chat-head-who" aria-expanded={about} onClick={toggle}>
            {name}
            <Icon name="info" />
          </button>
        </h1>
      )}
      <ChatMore conversation={conversation} at={menuAt} onAt={setMenuAt} />
    </header>
  );
}

function trustWords(trust: Trust, phase: "asking" | "open"): string {
  if (phase === "asking") return "Waits for an answer to your request";
  if (trust === "changed" || trust === "changed-after-verified") return "Restored elsewhere: ask if it was them";
  return trust === "verified" ? "Verified" : "Not verified yet";
}

function Gone(): JSX.Element {
  return (
    <div class="no-chat">
      <p>This chat is not on this device.</p>
      <button type="button" class="button" onClick={() => go({ at: "chats" }, { replace: true })}>
        To the chats
      </button>
    </div>
  );
}
