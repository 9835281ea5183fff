/** One event of a server-sent event stream. */
export interface ServerEvent {
  /** The empty text where the server gave none. */
  name: string;
  data: string;
  /** The body ended in it: it may be cut. */
  last?: true;
}

/** In characters: much larger than any event, and much smaller than a memory. */
const longestEvent = 64 * 1024 * 1024;

/**
 * Server-sent events (WHATWG HTML, 9.2.6), fed piece by piece, cut anywhere. Each piece is looked
 * at once, so that an event of many megabytes costs no more than its length. Only `id` and
 * `retry` are left out: nobody reconnects to an answer.
 */
export class EventParser {
  /** The pieces of a line whose end has not come. */
  #line: string[] = [];
  /** A CR at the end of a piece: alone it ends a line, before LF it is half an end. */
  #heldCr = '';
  #name = '';
  #data: string | undefined;
  #length = 0;

  /**
   * The events that `text` completes.
   *
   * @throws RangeError where an event doesn't end
   */
  push(text: string): ServerEvent[] {
    this.#length += text.length;
    const events: ServerEvent[] = [];
    const piece = this.#withPlainEnds(text);
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      this.#takeLine(this.#whole(piece.slice(start, end)), events);
      start = end + 1;
    }
    if (start < piece.length) this.#line.push(piece.slice(start));
    if (events.length > 0) this.#length = piece.length - start;
    if (this.#length > longestEvent) {
      throw new RangeError(`An event is longer than ${longestEvent} characters`);
    }
    return events;
  }

  /** The event that the end of the body cuts short: some servers leave out the last empty line. */
  end(): ServerEvent[] {
    const events: ServerEvent[] = [];
    this.#takeLine(this.#whole(''), events);
    this.#dispatch(events);
    return events;
  }

  #withPlainEnds(text: string): string {
    if (this.#heldCr === '' && !text.includes('\r')) return text;
    const whole = this.#heldCr + text;
    this.#heldCr = whole.endsWith('\r') ? '\r' : '';
    return whole.slice(0, whole.length - this.#heldCr.length).replaceAll(/\r\n?/g, '\n');
  }

  #whole(rest: string): string {
    if (this.#line.length === 0) return rest;
    const line = this.#line.join('') + rest;
    this.#line = [];
    return line;
  }

  #takeLine(line: string, events: ServerEvent[]): void {
    if (line === '') this.#dispatch(events);
    else if (line.startsWith('data:')) this.#addData(valueOf(line, 5));
    else if (line === 'data') this.#addData('');
    else if (line.startsWith('event:')) this.#name = valueOf(line, 6);
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }

  #dispatch(events: ServerEvent[]): void {
    if (this.#data !== undefined) events.push({ name: this.#name, data: this.#data });
    this.#name = '';
    this.#data = undefined;
  }
}

/** One blank behind the colon is not part of the value. */
const valueOf = (line: string, start: number): string =>
  line.slice(line.charCodeAt(start) === 32 ? start + 1 : start);
