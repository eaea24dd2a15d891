// Which handler answers which request: a table of paths with `:name` segments. Gives the handler and the names' values, or the failure.

import type { IncomingMessage } from "node:http";
import { WireError } from "@sotto/wire";
import type { Answer } from "./answer.ts";

/** A request on its way to a handler. */
export interface Call {
  readonly request: IncomingMessage;
  /** Key of the client's rates. */
  readonly address: string;
  /** The values of the path's `:name` segments. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
}

/** Answers a request, or throws a WireError. */
export type Handler = (call: Call) => Promise<Answer>;

/** A path, and a handler per method. GET answers HEAD too, unless HEAD has its own. */
export interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, Handler>>;
}

/** A route that fits. */
export interface Match {
  readonly route: Route;
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

/** The table. */
export class Routes {
  readonly #routes: readonly (Route & { readonly segments: readonly string[] })[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ ...route, segments: route.path.split("/") }));
  }

  /** The handler for a path without its query. Throws `request/not-found`, `request/method`. */
  match(method: string, path: string): Match {
    const segments = path.split("/");
    for (const route of this.#routes) {
      const params = paramsOf(route.segments, segments);
      if (params === undefined) continue;
      const handler = route.methods[method] ?? (method === "HEAD" ? route.methods["GET"] : undefined);
      if (handler === undefined) throw new WireError("request/method", `this path knows ${Object.keys(route.methods).join(", ")}`);
      return { route, handler, params };
    }
    throw new WireError("request/not-found", "there is nothing under this path");
  }
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i] as string;
    if (part.startsWith(":")) params[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}
