const fence = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/;

/** The JSON in an answer, also in a code fence or with words around it; throws where there is none. */
export function parseJson(answer: string): unknown {
  const text = fence.exec(answer)?.[1] ?? answer;
  try {
    return JSON.parse(text);
  } catch (error) {
    const start = text.search(/[[{]/);
    const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
    if (start === -1 || end < start) throw error;
    return JSON.parse(text.slice(start, end + 1));
  }
}
