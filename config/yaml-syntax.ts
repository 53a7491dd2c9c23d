import { type Document, isScalar, visit, type YAMLError } from 'yaml';

/** A syntax error: where it is, as an offset into the text, and a sentence about it. */
export interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
}

export const DEEPEST_NESTING = 64;

/** What the parser's error codes mean; its own messages may quote the text, secrets included. */
export const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias (*name) stands alone; it cannot have an anchor or a tag',
  BAD_ALIAS: 'a plain text cannot begin with "*" or "&"; put it in quotes',
  BAD_COLLECTION_TYPE: 'the tag does not fit the value',
  BAD_DIRECTIVE: 'directives (lines that begin with "%") are not accepted',
  BAD_DQ_ESCAPE: 'unknown escape in a double-quoted text; write "\\\\" for a backslash',
  BAD_INDENT: 'the indentation does not fit the lines around it',
  BAD_PROP_ORDER: 'anchors and tags stand before the value',
  BAD_SCALAR_START: 'a text cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a nested block cannot stand on the line of its key; begin a new line',
  BLOCK_IN_FLOW: 'an indented block cannot stand inside [ ] or { }',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'something is missing: a colon, a comma, a space, a quote or a closing bracket',
  MULTILINE_IMPLICIT_KEY: 'a key and its colon stand on one line; is a quote or a colon missing?',
  MULTIPLE_ANCHORS: 'a value has at most one anchor',
  MULTIPLE_DOCS: 'a configuration file holds one document; "---" begins a second one here',
  MULTIPLE_TAGS: 'a value has at most one tag',
  NON_STRING_KEY: 'a key is a plain text, not a list or a mapping',
  RESOURCE_EXHAUSTION: `nested deeper than ${DEEPEST_NESTING} levels`,
  TAB_AS_INDENT: 'a tab is used for indentation; use spaces',
  TAG_RESOLVE_FAILED: 'tags (words that begin with "!") are not accepted',
  UNEXPECTED_TOKEN: 'this does not belong here; is a quote, bracket or comma wrong?',
};

/** The syntax errors of a document as its reader needs to hear them: the cause, not what follows from it. */
export function syntaxFaults(document: Document.Parsed, text: string): SyntaxFault[] {
  const errors: YAMLError[] = [...document.errors, ...document.warnings];
  const faults = withoutConsequencesOfTabs(errors, text)
    .map(({ code, pos }) => ({
      offset: pos[0],
      message: SYNTAX_MESSAGES[code] ?? 'is not valid YAML',
    }))
    .toSorted((left, right) => left.offset - right.offset);
  const isTooDeep = errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const open = errors.length === 0 || isTooDeep ? null : neverClosed(document, text);
  if (open === null) return faults;
  return [...faults.filter(({ offset }) => offset < open.offset), open];
}

/** A tab that indents makes nonsense of its line and of what follows; further tabs are told as well. */
function withoutConsequencesOfTabs(errors: readonly YAMLError[], text: string): YAMLError[] {
  const isTab = ({ code }: YAMLError) => code === 'TAB_AS_INDENT';
  const tabsAt = errors.filter(isTab).map(({ pos }) => pos[0]);
  const lineBegin = text.lastIndexOf('\n', Math.min(...tabsAt)) + 1;
  return errors.filter((error) => tabsAt.length === 0 || isTab(error) || error.pos[0] < lineBegin);
}

/** The last bracket or quote that opens and is not closed: everything after it is misread. */
function neverClosed(document: Document.Parsed, text: string): SyntaxFault | null {
  let last: SyntaxFault | null = null;
  const note = (range: readonly number[] | null | undefined, opening: string, closing: string) => {
    const [from = 0, to = 0] = range ?? [];
    const isOpened = text[from] === opening;
    const isClosed = to - from > 1 && text[to - 1] === closing;
    if (!isOpened || isClosed || (last !== null && last.offset > from)) return;
    const what = opening === '"' || opening === "'" ? 'quote' : `"${opening}"`;
    last = { offset: from, message: `the ${what} that opens here is never closed` };
  };
  visit(document, {
    Map: (_, { range }) => note(range, '{', '}'),
    Seq: (_, { range }) => note(range, '[', ']'),
    Scalar(_, node) {
      if (!isScalar(node)) return;
      if (node.type === 'QUOTE_DOUBLE') note(node.range, '"', '"');
      if (node.type === 'QUOTE_SINGLE') note(node.range, "'", "'");
    },
  });
  return last;
}
