const statuses = new Set<unknown>([408, 429, 500, 502, 503, 504]);

/** Statuses of a reply after which the same request may succeed. */
export function isTransientStatus(status: unknown): boolean {
  return statuses.has(status);
}

/** Node's words (libuv's, getaddrinfo's, c-ares', HTTP/2's and undici's) for a network that failed this time. */
const codes = new Set<unknown>([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTCONN',
  'ENOTFOUND',
  'EPIPE',
  'ESERVFAIL',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
]);

export function isTransientCode(code: unknown): boolean {
  return codes.has(code);
}

/** Those for a peer that was silent for too long. */
const timeouts = new Set<unknown>([
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'ESOCKETTIMEDOUT',
  'ETIMEDOUT',
  'ETIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

export function isTimeoutCode(code: unknown): boolean {
  return timeouts.has(code);
}
