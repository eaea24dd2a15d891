// The built web app, made once for all journeys.

import { buildWebApp } from "../../tools/web-build.ts";

let built: Promise<string> | undefined;

/** The folder of the built app; builds it if its sources are newer. */
export function webApp(): Promise<string> {
  built ??= buildWebApp();
  return built;
}
