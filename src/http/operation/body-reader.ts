// Readers of bodies that are too large to be held: each chunk is parsed as it arrives, and only the result stays.
import { type JsonEvents, JsonScanner, MAX_LEVELS, MAX_TOKEN_LENGTH } from '../../domain/json-scanner.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** Reads the body of one request. */
export interface BodyReader<T> {
  write(bytes: Uint8Array): void;
  /** The value of the body, or why it has none. */
  end(): T | Refusal<'malformed_body' | 'invalid_body'>;
}

/** Receives the events of a JSON text, and makes a value of them when it has ended. */
export interface JsonConsumer<T> extends JsonEvents {
  end(): T | Refusal<'invalid_body'>;
}

const BEYOND_LIMITS = `must have at most ${MAX_LEVELS} levels, and numbers of less than ${MAX_TOKEN_LENGTH} characters`;

/**
 * A reader of JSON in UTF-8. An empty body is an empty object, as where a body is read whole. Its memory is bounded,
 * which that of @streamparser/json is not: the library stacks an object for each level (16 MiB of `[` took more than 3
 * GB) and holds each string whole, and its tokenizer alone checks no grammar.
 */
export function jsonReader<T>(consumer: JsonConsumer<T>): BodyReader<T> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  const scanner = new JsonScanner(consumer);
  let [isEmpty, isUtf8] = [true, true];

  /** The text of the next bytes, or of those that the last ones were cut from. */
  const decoded = (bytes?: Uint8Array): string => {
    try {
      return isUtf8 ? decoder.decode(bytes, { stream: bytes !== undefined }) : '';
    } catch {
      isUtf8 = false;
      return '';
    }
  };

  return {
    write(bytes) {
      isEmpty &&= bytes.byteLength === 0;
      scanner.write(decoded(bytes));
    },
    end() {
      scanner.write(isEmpty ? '{}' : decoded());
      const failure = isUtf8 ? scanner.end() : 'malformed';
      if (failure === 'beyond_limits')
        return refuse('invalid_body', { errors: [{ path: '', message: BEYOND_LIMITS }] });
      return failure ? refuse('malformed_body') : consumer.end();
    },
  };
}
