import { checkNumber, checkObject, checkOneOf, checkString } from '@kortana/errors';
import { fire } from './fire.ts';
import type { Persona, PersonaName } from './persona.ts';
import { presence } from './presence.ts';
import { tactical } from './tactical.ts';
import { whisper } from './whisper.ts';

/** The built-in voices. */
export const personas: Readonly<Record<PersonaName, Persona>> = {
  presence,
  fire,
  whisper,
  tactical,
};

/**
 * A persona from what the user gave: one of his own, a built-in one's name, or a system prompt.
 *
 * @throws RangeError for a single word that is no name: a misspelt one would be sent as a prompt
 */
export function readPersona(persona: Persona | string | undefined): Persona | undefined {
  if (persona === undefined) return undefined;
  if (typeof persona === 'string') {
    if (!/\s/.test(persona.trim())) return personas[checkOneOf('persona', persona, names)];
    return { name: 'custom', description: 'A system prompt', system: persona };
  }
  const { system, temperature } = checkObject('persona', persona);
  checkString('persona.system', system);
  if (temperature !== undefined)
    checkNumber('persona.temperature', temperature, { min: 0, max: 2 });
  return persona;
}

const names = Object.keys(personas) as PersonaName[];
