export interface TerminalOptions {
  readonly parent: HTMLElement;
  /** Of the socket, without columns and rows. */
  readonly address: string;
  readonly label: string;
  /** Why it ended. */
  readonly onEnd: (why: string) => void;
}

/** An open terminal. */
export interface TerminalHandle {
  readonly focus: () => void;
  readonly close: () => void;
}

/** What `terminal.js` leaves on the page. */
export interface TerminalScript {
  readonly open: (options: TerminalOptions) => TerminalHandle;
}
