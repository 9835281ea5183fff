/** The codes of what can be wrong with a store. */
export const codes = {
  refused: 'MEMORY_REFUSED',
  closed: 'MEMORY_CLOSED',
  locked: 'MEMORY_LOCKED',
  readOnly: 'MEMORY_READ_ONLY',
  diskFull: 'MEMORY_DISK_FULL',
  corrupt: 'MEMORY_CORRUPT',
  cannotOpen: 'MEMORY_CANNOT_OPEN',
  newerFormat: 'MEMORY_NEWER_FORMAT',
  timeout: 'MEMORY_TIMEOUT',
  unreachable: 'MEMORY_UNREACHABLE',
  other: 'MEMORY_ERROR',
} as const;

export type MemoryErrorCode = (typeof codes)[keyof typeof codes];
