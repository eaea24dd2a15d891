// What the relay tells a browser about the web app it serves: which code may run (the app's own, nothing else) and what the page may reach.

/**
 * Content-Security-Policy of the web app. It connects to any relay, so `connect-src` names the schemes. 'wasm-unsafe-eval' lets the app's own
 * code compile WebAssembly, which libsodium is, and no JavaScript; the web has no narrower word for it.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' ws: wss: http: https:",
  "media-src 'self' blob: mediastream:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Headers of every file of the web app. */
export const webHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // The camera reads QR codes.
  "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
};

/** Headers of every answer under /v1: a web app of any origin may use this relay. There are no cookies or credentials to steal. */
export const apiHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "content-range, retry-after, upload-offset, upload-length, upload-complete",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

/** Headers of the answer to a browser that asks whether it may send a request. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "GET, HEAD, POST, PUT",
  "access-control-allow-headers": "content-type, content-range, range",
  "access-control-max-age": "86400",
};
