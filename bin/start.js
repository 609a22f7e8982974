// Node 20 runs no TypeScript by itself. The programs of this folder are compiled once, by esbuild, into one file
// each, which starts three times as fast as hundreds of modules that tsx compiles one by one. What was
// compiled is used only while every source is as it was; otherwise, and wherever nothing can be
// written, tsx runs the sources as they are.
const { createHash } = require('node:crypto');
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { dirname, join } = require('node:path');

const ROOT = dirname(__dirname);
const PROGRAMS = {
  lab: 'bin/lab.ts',
  'lab-cni': 'bin/lab-cni.ts',
  'cni-judge': 'bin/cni-judge.ts',
  holder: 'lib/runtime/holder/holder.ts',
};
const NAMES = Object.keys(PROGRAMS).join(' ');
// Checkouts may share one node_modules: each has a folder of its own in it.
const HOME = join(
  ...[ROOT, 'node_modules', '.cache', 'eks-network-labs'],
  createHash('sha1').update(ROOT).digest('hex').slice(0, 12),
);
const RECORD = join(HOME, 'compiled.json');

/** Starts a program as it was compiled, or else from its sources; answers what it exports. */
exports.start = function start(name) {
  const folder = fresh();
  if (folder !== undefined) return require(join(folder, `${name}.js`));
  // Its cache in /tmp may be filled by another user.
  process.env.TSX_DISABLE_CACHE = '1';
  require('tsx/cjs');
  return require(join(ROOT, PROGRAMS[name]));
};

/** Compiles the programs where a source changed; never fails, for there is a way without. */
exports.compile = async function compile() {
  if (fresh() !== undefined) return;
  const folder = join(HOME, `${process.pid}-${Date.now()}`);
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return;
  }
  try {
    const before = recorded();
    const inputs = await bundle(folder);
    const draft = `${folder}.json`;
    writeFileSync(draft, JSON.stringify({ folder, inputs, programs: NAMES }));
    renameSync(draft, RECORD);
    // Who began with the one before may still be about to start its holder from there.
    const kept = [RECORD, folder, before?.folder];
    for (const path of readdirSync(HOME).map((entry) => join(HOME, entry))) {
      if (!kept.includes(path)) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Bundles our own files; packages stay where they are. Answers with what each source was. */
async function bundle(outdir) {
  const { build } = require('esbuild');
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(PROGRAMS).map(([out, source]) => ({ in: source, out })),
    outdir,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    metafile: true,
    logLevel: 'silent',
    plugins: [{ name: 'where a source stands', setup: keepPlaces }],
  });
  return Object.keys(metafile.inputs).map((path) => [path, stampOf(path)]);
}

/** A source's `__dirname` is its own folder, not the bundle's. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    if (!text.includes('__dirname')) return undefined;
    const contents = text.replaceAll('__dirname', JSON.stringify(dirname(path)));
    return { contents, loader: 'ts' };
  });
}

/** The folder of what was compiled, while every source is as it was then. */
function fresh() {
  const record = recorded();
  const same =
    record?.programs === NAMES && record.inputs.every(([path, stamp]) => stampOf(path) === stamp);
  return same ? record.folder : undefined;
}

function recorded() {
  try {
    return JSON.parse(readFileSync(RECORD, 'utf8'));
  } catch {
    return undefined;
  }
}

function stampOf(path) {
  const { mtimeMs, size } = statSync(join(ROOT, path), { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}
