import { main } from '../lib/cli/main';

// A reader that has seen enough (`lab list | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`problem cannot write the answer: ${error.message}\n`);
  process.exit(2);
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (bug: unknown) => {
    console.error(bug);
    console.error('This is a bug in the tool: please report it with the lines above.');
    process.exitCode = 2;
  },
);
