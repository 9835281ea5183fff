import { checkObject, checkString } from '@kortana/errors';
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

/** A persona from what the user gave: one of his own, a built-in one's name, or a system prompt. */
export function readPersona(persona: Persona | string | undefined): Persona | undefined {
  if (persona === undefined) return undefined;
  if (typeof persona === 'string') {
    if (Object.hasOwn(personas, persona)) return personas[persona as PersonaName];
    return { name: 'custom', description: 'A system prompt', system: persona };
  }
  checkString('persona.system', checkObject('persona', persona).system);
  return persona;
}
