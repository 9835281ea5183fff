import { getLogger } from '@logtape/logtape';

/** Silent until the application configures LogTape. */
export const logger = getLogger(['kortana', 'memory']);

/** For `callHook`: a hook that throws is told and changes nothing. */
export function reportHook(name: string, error: unknown): void {
  logger.warn('The hook {name} threw: {error}', { name, error });
}
