/** One line that a person would type, and the machine or namespace whose shell it is typed in. */
export interface ShellLine {
  readonly in: string;
  readonly run: string;
}
