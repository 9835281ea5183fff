/** A way to speak. */
export interface Persona {
  name: string;
  /** What it is good for, for whoever chooses. */
  description: string;
  /** The system prompt. */
  system: string;
  /** Default: the model's own. */
  temperature?: number | undefined;
}

export type PersonaName = 'presence' | 'fire' | 'whisper' | 'tactical';
