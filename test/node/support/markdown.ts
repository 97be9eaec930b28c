// The project's Markdown as tests read it: its files, their links and headings, and their code blocks.
import { globSync, readFileSync } from 'node:fs';
import { root } from '../../../scripts/wrangler.ts';

export interface Page {
  /** From the root. */
  readonly file: string;
  readonly text: string;
}

export const pages: readonly Page[] = ['*.md', 'docs/**/*.md', 'client/*.md', 'bench/*.md', '.github/**/*.md']
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .map((file) => ({ file, text: readFileSync(root + file, 'utf8') }));

export interface Block {
  readonly language: string;
  readonly code: string;
}

export const blocksOf = (text: string): readonly Block[] =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));

/** The text without its code blocks. */
const prose = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** The inline code, without code blocks. */
export const spans = (text: string): readonly string[] =>
  [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

/** The targets of a page's links and images, without those on other sites. */
export const localLinks = (text: string): readonly string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The anchors that GitHub gives a page's headings. */
export const anchors = (text: string): readonly string[] =>
  [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
