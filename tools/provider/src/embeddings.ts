import { createHash } from 'node:crypto';
import { json } from './completion.ts';
import type { Step } from './step.ts';

export interface EmbeddingsRequest {
  model: string;
  input: string | string[];
  dimensions?: number;
  encoding_format?: 'float' | 'base64';
}

/** A unit vector in which texts that share words are near each other. */
function vectorOf(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const hash = createHash('sha256').update(word).digest();
    vector[hash.readUInt32LE(0) % dimensions]! += hash[4]! % 2 === 0 ? 1 : -1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** The vectors for one text or many, as floats or as base64 (what the official SDK asks for). */
export function embeddingsFor({
  model,
  input,
  dimensions = 64,
  encoding_format,
}: EmbeddingsRequest): Step[] {
  const texts = [input].flat();
  const tokens = texts.reduce((sum, text) => sum + text.split(/\s+/).filter(Boolean).length, 0);
  const data = texts.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding =
      encoding_format === 'base64'
        ? Buffer.from(new Float32Array(vector).buffer).toString('base64')
        : vector;
    return { object: 'embedding', index, embedding };
  });
  return json(200, {
    object: 'list',
    model,
    data,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}
