// Reads the body of POST /games as it arrives: of 200 000 stamps only those that change the score stay in memory.
import { z } from '@hono/zod-openapi';
import type { NewGame } from '../../domain/games/game.ts';
import { newRecording, type Recording } from '../../domain/games/recording.ts';
import type { Container } from '../../domain/json-scanner.ts';
import type { Scalar } from '../../domain/json-tokens.ts';
import { type FieldError, type Refusal, refuse } from '../../domain/refusal.ts';
import { fieldErrors } from '../operation/body.ts';
import { type BodyReader, type JsonConsumer, jsonReader } from '../operation/body-reader.ts';

export const gameReader = (): BodyReader<NewGame> => jsonReader(new GameConsumer());

/** The places of values that are read: `{"stamps": [{"offset": 0, "score": {"home": 0, "away": 0}}]}`. */
type Place = 'text' | 'body' | 'stamps' | 'stamp' | 'score';
type Value = Scalar | Container;

const OUTSIDE: Readonly<Record<Place, Place>> = {
  score: 'stamp',
  stamp: 'stamps',
  stamps: 'body',
  body: 'text',
  text: 'text',
};

/** As with JSON.parse, the last member of a name wins; as in every body, members of other names are ignored. */
class GameConsumer implements JsonConsumer<NewGame> {
  #place: Place = 'text';
  /** The number of open containers that are ignored with their contents. */
  #skipped = 0;
  #name = '';
  #body: Value = 'null';
  #recording: Recording = newRecording();
  #offset: number | undefined;
  #home: number | undefined;
  #away: number | undefined;

  open(container: Container): void {
    const inside = this.#skipped > 0 ? undefined : this.#take(container);
    if (inside) this.#place = inside;
    else this.#skipped += 1;
  }

  close(): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    if (this.#place === 'stamp') this.#addStamp();
    this.#place = OUTSIDE[this.#place];
  }

  name(name: string): void {
    if (this.#skipped === 0) this.#name = name;
  }

  scalar(value: Scalar): void {
    if (this.#skipped === 0) this.#take(value);
  }

  end(): NewGame | Refusal<'invalid_body'> {
    if (this.#body !== 'object') return refuse('invalid_body', { errors: notAnObject(this.#body) });
    const game = this.#recording.finish();
    if (!('path' in game)) return game;
    const path = game.path === '' ? 'stamps' : `stamps.${game.path}`;
    return refuse('invalid_body', { errors: [{ path, message: game.message }] });
  }

  /** Takes a value that starts, and returns the place inside it; undefined where its contents are ignored. */
  #take(value: Value): Place | undefined {
    switch (this.#place) {
      case 'text':
        this.#body = value;
        return value === 'object' ? 'body' : undefined;
      case 'body':
        return this.#name === 'stamps' ? this.#startStamps(value) : undefined;
      case 'stamps':
        return this.#startStamp(value);
      case 'stamp':
        if (this.#name === 'offset') this.#offset = numberOf(value);
        return this.#name === 'score' ? this.#startScore(value) : undefined;
      case 'score':
        if (this.#name === 'home') this.#home = numberOf(value);
        if (this.#name === 'away') this.#away = numberOf(value);
        return undefined;
    }
  }

  #startStamps(value: Value): Place | undefined {
    this.#recording = newRecording();
    return value === 'array' ? 'stamps' : undefined;
  }

  #startStamp(value: Value): Place | undefined {
    this.#offset = undefined;
    this.#startScore(undefined);
    if (value === 'object') return 'stamp';
    this.#addStamp();
    return undefined;
  }

  #startScore(value: Value | undefined): Place | undefined {
    this.#home = undefined;
    this.#away = undefined;
    return value === 'object' ? 'score' : undefined;
  }

  #addStamp(): void {
    this.#recording.add({ offset: this.#offset, home: this.#home, away: this.#away });
  }
}

const numberOf = (value: Value): number | undefined => (typeof value === 'number' ? value : undefined);

const SAMPLES = { array: [], string: '', boolean: true, null: null, object: {} } as const;

/** The error of a body that is no object, in the words of every other operation. */
function notAnObject(value: Value): readonly FieldError[] {
  const { error } = z.object({}).safeParse(typeof value === 'number' ? value : SAMPLES[value]);
  return error ? fieldErrors(error) : [];
}
