import { shellProgram } from '../../../lib/session/local/shell';

test.each([
  ['/usr/bin/zsh', true, '/usr/bin/zsh'],
  ['/bin/bash', true, '/bin/bash'],
  ['/usr/bin/fish', true, '/usr/bin/fish'],
  [undefined, true, '/bin/bash'],
  ['', true, '/bin/bash'],
  ['/bin/sh', true, '/bin/bash'],
  ['/usr/bin/dash', true, '/bin/bash'],
  [undefined, false, '/bin/sh'],
  ['', false, '/bin/sh'],
  ['/bin/sh', false, '/bin/sh'],
])('$SHELL %s, bash is there: %s: %s', (own, hasBash, program) => {
  expect(shellProgram(own, hasBash)).toBe(program);
});
