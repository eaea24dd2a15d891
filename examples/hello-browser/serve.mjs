// Serves the page, and the SDK's files under /sotto/, on http://localhost:8080 (PORT=… for another). Any server of static files will do.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const page = import.meta.dirname;
const sdk = join(page, "../../packages/client/dist/browser");
const types = { ".html": "text/html", ".js": "text/javascript" };

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
  const file = path.startsWith("/sotto/") ? join(sdk, path.slice("/sotto/".length)) : join(page, path === "/" ? "index.html" : path);
  try {
    const bytes = await readFile(file);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    response.writeHead(404).end("not here");
  }
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => console.log(`http://localhost:${server.address().port}`));
