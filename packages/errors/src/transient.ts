const transientStatuses = new Set<unknown>([408, 429, 500, 502, 503, 504]);

/** Statuses of a reply after which the same request may succeed. */
export function isTransientStatus(status: unknown): boolean {
  return transientStatuses.has(status);
}

/** Node's (libuv's, getaddrinfo's and undici's) words for a network that failed this time. */
const transientCodes = new Set<unknown>([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ESOCKETTIMEDOUT',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

export function isTransientCode(code: unknown): boolean {
  return transientCodes.has(code);
}
