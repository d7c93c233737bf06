/** Long work: the browser counts what is sent, the server tells by events what it does with it. */
import { ApiError } from '@/api/client';
import type { Problem } from '@/api/types';
import type { Standing } from './types';

export interface ServerEvent {
  name: string;
  data: unknown;
}

/** The complete events at the start of a stream's text, and how much of the text they are. */
export function parseEvents(text: string): { events: ServerEvent[]; length: number } {
  const end = text.lastIndexOf('\n\n');
  if (end < 0) return { events: [], length: 0 };
  const events = text
    .slice(0, end)
    .split('\n\n')
    .flatMap((block): ServerEvent[] => {
      const lines = block.split('\n');
      const field = (name: string) =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart());
      const [name] = field('event');
      const data = field('data').join('\n');
      // What is no event is a comment that keeps the connection open.
      return name && data ? [{ name, data: JSON.parse(data) }] : [];
    });
  return { events, length: end + 2 };
}

const problemOf = (problem: Partial<Problem> | null, status: number) =>
  new ApiError(problem?.code ?? 'bad_reply', problem?.status ?? status, problem ?? {});

function parseProblem(text: string): Partial<Problem> | null {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return null;
  }
}

/** Posts and waits for the end. An abort ends the work on the server too, and leaves nothing there. */
export function runLong<T>(
  path: string,
  body: FormData | object,
  tell: (standing: Standing) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let read = 0;
    let settled = false;
    const settle = (act: () => void) => {
      if (!settled) act();
      settled = true;
    };
    const fail = (error: unknown) => settle(() => reject(error));

    function listen(): void {
      const kind = request.getResponseHeader('content-type') ?? '';
      if (!kind.startsWith('text/event-stream')) return;
      try {
        const { events, length } = parseEvents(request.responseText.slice(read));
        read += length;
        for (const { name, data } of events) {
          if (name === 'progress') tell(data as Standing);
          else if (name === 'done') settle(() => resolve(data as T));
          else if (name === 'problem') fail(problemOf(data as Partial<Problem>, request.status));
        }
      } catch {
        fail(new ApiError('bad_reply', request.status));
      }
    }

    request.open('POST', path);
    request.setRequestHeader('accept', 'text/event-stream, application/json');
    request.upload.onprogress = ({ loaded, total }) =>
      tell({ stage: 'sending', done: loaded, total });
    request.onprogress = listen;
    request.onload = () => {
      listen();
      fail(problemOf(parseProblem(request.responseText), request.status));
    };
    request.onerror = () => fail(new ApiError('offline', 0));
    request.onabort = () => fail(new DOMException('given up', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    if (body instanceof FormData) request.send(body);
    else {
      request.setRequestHeader('content-type', 'application/json');
      request.send(JSON.stringify(body));
    }
  });
}
