// The content of a mail, before it is text or HTML: both are made from the same parts.

export interface Link {
  /** The label of the button. */
  readonly label: string;
  readonly url: string;
  /** How long the link works. */
  readonly validity: string;
}

export interface Content {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: Link;
  /** Advice, below the link. */
  readonly advice?: string;
}

/** Where and when the mail's cause happened, in words. */
export interface Circumstances {
  readonly time: string;
  readonly address: string;
  readonly device: string;
}
