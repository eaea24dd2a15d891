// What it takes to share an account with other tabs and processes, as one part that is loaded when there may be any (later.ts). Not a concern
// here: what each of them does.

export { Asked } from "./asked.ts";
export { decodeMessage, encodeMessage } from "./channel-message.ts";
export { Desk } from "./desk.ts";
export { differenceOf } from "./difference.ts";
export { Reader } from "./reader.ts";
