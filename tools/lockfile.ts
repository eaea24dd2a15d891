// The lockfile must install anywhere, alone: no registry host in it, every package with its hash, no install script that is needed.
// Takes the lockfile's text; gives findings. Whether the packages are there is tools/installed.mjs's concern.

/** Packages whose install script may exist because it is never run (setup installs with `--ignore-scripts`) and nothing misses it. */
const SCRIPT_NOT_NEEDED: Record<string, string> = {
  "@signalapp/libsignal-client": "only checks that its prebuilt binary fits; in the private test package",
  fsevents: "macOS file watching, prebuilt inside the package",
};

interface LockedPackage {
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

/** What is wrong with this lockfile. */
export function lockfileFindings(text: string): string[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockedPackage> };
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.link)
    .flatMap(([path, entry]) => {
      const name = path.replace(/^.*node_modules\//, "");
      const findings: string[] = [];
      if (entry.resolved !== undefined) findings.push(`${name}: names a host (npm config omit-lockfile-registry-resolved is not set)`);
      if (!entry.integrity) findings.push(`${name}: has no integrity hash`);
      if (entry.hasInstallScript && !(name in SCRIPT_NOT_NEEDED)) findings.push(`${name}: has an install script, which is never run here`);
      return findings.map((finding) => `package-lock.json: ${finding}`);
    });
}
