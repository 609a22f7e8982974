/** A part of a lab's text: characters, or an element with the parts that stand in it. */
export type TextPart = string | TextElement;

/** An element of a lab's text. */
export interface TextElement {
  readonly name: TextElementName;
  readonly parts: readonly TextPart[];
  /** Where a link leads: to the web or into the book. */
  readonly href?: string;
  /** The first number of an ordered list, where it is not 1. */
  readonly start?: number;
}

/** The elements that a lab's text may have; the page makes no others. */
export type TextElementName =
  | 'a'
  | 'blockquote'
  | 'br'
  | 'code'
  | 'del'
  | 'em'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'hr'
  | 'li'
  | 'ol'
  | 'p'
  | 'pre'
  | 'span'
  | 'strong'
  | 'table'
  | 'td'
  | 'th'
  | 'tr'
  | 'ul';
