import { main } from '../lib/cli/main';

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
