// The camera as a reader of QR codes: opens the back camera, gives the first text it reads, and lets go of the camera whatever happens.
// Not its concern: what the text means.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Why there is no picture. */
export type CameraTrouble = "refused" | "missing" | "busy";

/** Between two looks at the picture, in ms: a code is read within a blink and the phone stays cool. */
const LOOK_EVERY_MS = 120;
/** The longer side of what is decoded, in pixels: enough for the densest code that is shown here. */
const LOOK_SIZE = 960;

/** Shows what the camera sees until a code is read. `onTrouble` is called once when there will be no picture. */
export function Scanner(props: {
  label: string;
  onText: (text: string) => void;
  onTrouble: (trouble: CameraTrouble) => void;
}): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [seeing, setSeeing] = useState(false);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      try {
        const text = await watch(element, stop.signal, () => setSeeing(true));
        if (text !== undefined) latest.current.onText(text);
      } catch (error) {
        if (!stop.signal.aborted) latest.current.onTrouble(troubleOf(error));
      }
    };
    void look();
    return () => stop.abort();
  }, []);

  return (
    <div class="scanner" data-seeing={seeing}>
      <video ref={video} muted playsInline aria-label={props.label} />
      <div class="scanner-frame" aria-hidden="true" />
      {!seeing && <p class="scanner-wait">Opening the camera…</p>}
    </div>
  );
}

/** Whether this browser could open a camera at all; whether there is one is known only after asking. */
export function mayHaveCamera(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** Whether a camera is attached, as far as the browser tells without asking for permission. */
export async function hasCamera(): Promise<boolean> {
  if (!mayHaveCamera()) return false;
  try {
    return (await navigator.mediaDevices.enumerateDevices()).some(({ kind }) => kind === "videoinput");
  } catch {
    return false;
  }
}

async function watch(video: HTMLVideoElement, ended: AbortSignal, onPicture: () => void): Promise<string | undefined> {
  const { decodeFrame } = await import("./decode.ts");
  const stream = await openCamera(ended);
  try {
    video.srcObject = stream;
    await video.play();
    onPicture();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null) throw new DOMException("no canvas", "NotSupportedError");
    for (;;) {
      if (ended.aborted) return undefined;
      const frame = grab(video, canvas, context);
      const text = frame === undefined ? undefined : decodeFrame(frame);
      if (text !== undefined) return text;
      await pause(LOOK_EVERY_MS, ended);
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** Opens the back camera; one that opens only after the view is gone is closed at once. */
async function openCamera(ended: AbortSignal): Promise<MediaStream> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  if (ended.aborted) for (const track of stream.getTracks()) track.stop();
  ended.throwIfAborted();
  return stream;
}

function grab(video: HTMLVideoElement, canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): ImageData | undefined {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return undefined;
  const scale = Math.min(1, LOOK_SIZE / Math.max(videoWidth, videoHeight));
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    ended.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "missing";
}
