// My 24 words: shown after a tap, written down by the person, then some of them asked back.

import type { Client, Recovery } from "@sotto/client";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { useLive, useTask } from "../state/live.ts";

type Challenge = Awaited<ReturnType<Recovery["challenge"]>>;
type Step = { at: "before" } | { at: "shown"; words: readonly string[] } | { at: "asked"; challenge: Challenge };

/** The page of the 24 words. */
export function WordsPage({ client }: { client: Client }): JSX.Element {
  const status = useLive(client.recovery.status);
  const [step, setStep] = useState<Step>({ at: "before" });
  const task = useTask();
  const reveal = (): void =>
    task.run(async (signal) => {
      const { words } = await client.recovery.reveal({ signal });
      setStep({ at: "shown", words });
    });
  const ask = (): void =>
    task.run(async () => {
      setStep({ at: "asked", challenge: await client.recovery.challenge() });
    });
  if (status === "linked") {
    return <p>This device was linked, so your 24 words are not on it. Look on the device where you started.</p>;
  }
  if (step.at === "asked") return <AskedBack challenge={step.challenge} onAgain={reveal} onDone={() => setStep({ at: "before" })} />;
  if (step.at === "shown") {
    return (
      <>
        <p>Write them on paper, in this order. Whoever has them has your account.</p>
        <ol class="words-shown" aria-label="Your 24 words">
          {step.words.map((word, index) => (
            <li key={index}>
              <span class="word-number">{index + 1}</span>
              {word}
            </li>
          ))}
        </ol>
        <ProblemNotice problem={task.problem} onRetry={ask} />
        {/* Another button than the one before, which has the focus: pressed twice, that one must not be this one. */}
        <button key="wrote" type="button" class="button primary" disabled={task.busy} onClick={ask}>
          I wrote them down
        </button>
      </>
    );
  }
  return (
    <>
      {status === "confirmed" && (
        <Notice tone="good" icon="check" title="Kept" text="You wrote your words down and typed some of them back." />
      )}
      <p>If all your devices are lost, these 24 words bring your account back. Nothing else does, and nobody else has them.</p>
      <ul class="plain-points">
        <li>Take paper and a pen. A photo or a note on a phone can be stolen.</li>
        <li>Nobody from Sotto will ever ask you for them.</li>
        <li>See to it that nobody looks at your screen now.</li>
      </ul>
      <ProblemNotice problem={task.problem} onRetry={reveal} />
      <button key="show" type="button" class="button primary" disabled={task.busy} aria-busy={task.busy} onClick={reveal}>
        Show my 24 words
      </button>
    </>
  );
}

function AskedBack({ challenge, onAgain, onDone }: { challenge: Challenge; onAgain: () => void; onDone: () => void }): JSX.Element {
  const [words, setWords] = useState<readonly string[]>(challenge.positions.map(() => ""));
  const [wrong, setWrong] = useState(false);
  const task = useTask();
  const id = useId();
  const ready = words.every((word) => word.trim() !== "") && !task.busy;
  const answer = (): void =>
    task.run(async () => {
      const right = await challenge.answer(words.map((word) => word.trim().toLowerCase()));
      if (right) onDone();
      else setWrong(true);
    });
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) answer();
      }}
    >
      <p>Look at your paper: which words are these?</p>
      {challenge.positions.map((position, index) => (
        <div class="field" key={position}>
          <label class="field-label" for={`${id}-${position}`}>
            Word {position}
          </label>
          <input
            id={`${id}-${position}`}
            class="input"
            autocapitalize="none"
            autocomplete="off"
            autocorrect="off"
            spellcheck={false}
            value={words[index] ?? ""}
            onInput={(event) => {
              const { value } = event.currentTarget;
              setWrong(false);
              // A password manager fills all fields before anything is rendered again.
              setWords((typed) => typed.with(index, value));
            }}
          />
        </div>
      ))}
      {wrong && (
        <Notice
          tone="bad"
          icon="warning"
          title="Not quite"
          text="At least one word is another one. Compare with your paper, or look at the words again."
          role="alert"
        />
      )}
      <ProblemNotice problem={task.problem} onRetry={answer} />
      <div class="button-row">
        <button type="submit" class="button primary" disabled={!ready}>
          Check
        </button>
        <button type="button" class="button" onClick={onAgain}>
          Show them again
        </button>
      </div>
    </form>
  );
}
