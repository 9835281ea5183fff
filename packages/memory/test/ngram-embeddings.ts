import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EmbeddingsServer {
  baseURL: string;
  /** What was asked for, text by text. */
  texts: string[];
  /** Answers with it instead of vectors. */
  status: number;
  /** Doesn't answer. */
  hang: boolean;
  end(): Promise<void>;
}

const dimensions = 256;

/**
 * An OpenAI-compatible `/embeddings` whose “model” counts hashed runs of 3 to 5 characters. It is no
 * language model: it knows that “allergic” and “allergies” look alike, not that a poodle is a dog.
 */
export async function startEmbeddings(): Promise<EmbeddingsServer> {
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] };
    state.texts.push(...input);
    if (state.hang) return;
    response.writeHead(state.status, { 'content-type': 'application/json' });
    // Last first: an answer may be in any order.
    const data = input.map((text, index) => ({ index, embedding: ngrams(text) })).toReversed();
    response.end(JSON.stringify({ data }));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const state: EmbeddingsServer = {
    baseURL: `http://127.0.0.1:${port}/v1`,
    texts: [],
    status: 200,
    hang: false,
    async end() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}

function ngrams(text: string): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const padded = ` ${word} `;
    for (const size of [3, 4, 5]) {
      for (let at = 0; at + size <= padded.length; at++) {
        vector[hash(padded.slice(at, at + size)) % dimensions]! += 1;
      }
    }
  }
  const norm = Math.hypot(...vector) || 1;
  return vector.map((value) => value / norm);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
