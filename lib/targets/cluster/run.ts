import { spawn } from 'node:child_process';

/** How a process ended; code -1 where it could not be started. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a program with arguments (never a shell) and what it reads from standard input. */
export type Run = (file: string, args: readonly string[], stdin?: string) => Promise<RunResult>;

/** Starts programs on this machine. */
export const runProgram: Run = (file, args, stdin = '') =>
  new Promise((resolve) => {
    const child = spawn(file, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const text = (parts: Buffer[]) => Buffer.concat(parts).toString();
    child.stdout.on('data', (part: Buffer) => stdout.push(part));
    child.stderr.on('data', (part: Buffer) => stderr.push(part));
    child.once('error', ({ message }) => resolve({ code: -1, stdout: '', stderr: message }));
    child.once('close', (code) => {
      resolve({ code: code ?? -1, stdout: text(stdout), stderr: text(stderr) });
    });
    // A program that ends without reading its input is its own affair.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
