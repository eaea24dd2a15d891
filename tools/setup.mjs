// Brings a fresh clone to the point where `npm start` and `npm test` work: installs the dependencies (Node 24 comes with them) and,
// with `--browser`, a Chromium for the journeys. Runs before every script under whatever Node (>= 18) started npm; says nothing
// and uses no network when all is there.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "./chromium.mjs";
import { missingPackages } from "./installed.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE = join(ROOT, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
const MIN_NODE = 24;

installDependencies();
checkNode();
if (process.argv.includes("--browser")) installBrowser();

function installDependencies() {
  const missing = missingPackages(ROOT);
  if (missing.length === 0) return;
  say(`installing dependencies (${missing.length === 1 ? missing[0] : `${missing.length} packages`}) …`);
  const npm = run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], outsideNpm());
  if (npm.status !== 0) fail("`npm ci` failed (see above). Nothing was started; run it again when the cause is gone.");
  const still = missingPackages(ROOT);
  if (still.length > 0) fail(`\`npm ci\` left packages out: ${still.slice(0, 5).join(", ")}. Delete node_modules and try again.`);
}

/** Sotto's tools run TypeScript directly, which needs Node 24: the one installed here, or the system's own where there is none for it. */
function checkNode() {
  const bundled = existsSync(NODE) ? majorOf(NODE) : 0;
  if (bundled >= MIN_NODE || Number(process.versions.node.split(".")[0]) >= MIN_NODE) return;
  fail(`Node ${MIN_NODE} is needed. None could be installed for ${process.platform}-${process.arch}: install it from https://nodejs.org.`);
}

function installBrowser() {
  if (findChromium()) return;
  if (process.env["SOTTO_CHROMIUM"]) fail(`SOTTO_CHROMIUM names a file that cannot be run: ${process.env["SOTTO_CHROMIUM"]}`);
  const prefix = aptPrefix();
  if (!prefix) {
    fail("The browser journeys need Chromium and none was found. Install Chromium or Chrome, or set SOTTO_CHROMIUM to its path.");
  }
  say("installing Chromium for the browser journeys (apt-get) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run([...prefix, "apt-get", "-qq", "update"], env);
  const apt = run([...prefix, "apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"], env);
  if (apt.status !== 0 || !findChromium()) {
    fail("apt-get could not install Chromium. Install Chromium or Chrome yourself, or set SOTTO_CHROMIUM to its path.");
  }
}

/**
 * How apt-get may be called here: directly as root, through a sudo that asks nothing, or (undefined) not at all.
 * @returns {string[] | undefined}
 */
function aptPrefix() {
  if (process.platform !== "linux" || !works("apt-get", ["--version"])) return undefined;
  if (process.getuid?.() === 0) return [];
  return works("sudo", ["-n", "true"]) ? ["sudo", "-n"] : undefined;
}

/** npm inside npm must not inherit how the outer one was called (silent, a workspace, a dry run), only where packages come from. */
function outsideNpm() {
  const keep = /^npm_config_(registry|cache|userconfig|globalconfig|.*proxy|.*cafile)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || keep.test(name)));
}

/** @param {string} node */
function majorOf(node) {
  const { stdout, status } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return status === 0 ? Number(/^v(\d+)/.exec(stdout)?.[1] ?? 0) : 0;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function works(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/**
 * Output goes to stderr, so that a script's own output stays clean.
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} env
 */
function run([command = "", ...args], env) {
  return spawnSync(command, args, { cwd: ROOT, env, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`sotto: ${text}\n`);
}

/**
 * @param {string} text
 * @returns {never}
 */
function fail(text) {
  say(text);
  process.exit(1);
}
