import { messageOf } from '../message-of.ts';

/**
 * For authors of packages that have no logger: says that a hook of the user's failed, as a warning
 * of the process (`process.on('warning', …)`), where there is one. Never throws.
 */
export function reportHookError(hook: string, error: unknown): void {
  try {
    globalThis.process?.emitWarning?.(`\`${hook}\` failed: ${messageOf(error)}`, {
      type: 'KortanaWarning',
      code: 'KORTANA_HOOK',
    });
  } catch {
    // Nobody is left to tell.
  }
}
