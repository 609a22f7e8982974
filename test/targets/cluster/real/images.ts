import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../../../packets/kernel';
import { AGNHOST, COREDNS } from './install';

/** The image of every workload of the labs. */
export const AGNHOST_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
/** Holds a pod's namespaces and waits. */
export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10';
/** The cluster's DNS. */
export const COREDNS_IMAGE = 'registry.k8s.io/coredns/coredns:v1.13.1';

/**
 * Images made without a registry, as one archive that containerd takes. agnhost's own brings a
 * shell, dig and curl; here they come from this machine's packages.
 */
export function writeImages(folder: string): string {
  const image = join(folder, 'image');
  const agnhost = layerOf(join(image, 'agnhost'), (root) => {
    copyFileSync(AGNHOST, join(root, 'agnhost'));
    mkdirSync(join(root, 'bin'));
    copyFileSync(findProgram('busybox') ?? '', join(root, 'bin/busybox'));
    symlinkSync('busybox', join(root, 'bin/sh'));
    for (const name of ['dig', 'curl']) copyWithLibraries(findProgram(name) ?? '', root);
  });
  const coredns = layerOf(join(image, 'coredns'), (root) =>
    copyFileSync(COREDNS, join(root, 'coredns')),
  );
  const images = [
    { name: 'agnhost', tag: AGNHOST_IMAGE, layer: agnhost, start: ['/agnhost'] },
    { name: 'pause', tag: PAUSE_IMAGE, layer: agnhost, start: ['/agnhost', 'pause'] },
    { name: 'coredns', tag: COREDNS_IMAGE, layer: coredns, start: ['/coredns'] },
  ];
  for (const { name, layer, start } of images) {
    const config = {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: start, Env: ['PATH=/bin:/usr/bin'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layer.digest}`] },
    };
    writeFileSync(join(image, `${name}.json`), JSON.stringify(config));
  }
  const manifest = images.map(({ name, tag, layer }) => ({
    Config: `${name}.json`,
    RepoTags: [tag],
    Layers: [layer.path],
  }));
  writeFileSync(join(image, 'manifest.json'), JSON.stringify(manifest));
  const configs = images.map(({ name }) => `${name}.json`);
  const files = ['manifest.json', ...configs, agnhost.path, coredns.path];
  const archive = join(folder, 'images.tar');
  execFileSync('tar', ['-C', image, '-cf', archive, ...files]);
  return archive;
}

interface Layer {
  /** Within the archive. */
  readonly path: string;
  readonly digest: string;
}

function layerOf(folder: string, fill: (root: string) => void): Layer {
  mkdirSync(folder, { recursive: true });
  fill(folder);
  const path = `${folder}.tar`;
  execFileSync('tar', ['-C', folder, '-cf', path, '.']);
  const [digest = ''] = execFileSync('sha256sum', [path], { encoding: 'utf8' }).split(' ');
  return { path: path.slice(dirname(folder).length + 1), digest };
}

/** A program of this machine with the libraries that its loader names, each at its own path. */
function copyWithLibraries(program: string, root: string): void {
  const needed = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of [program, ...needed]) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    cpSync(file, join(root, file), { dereference: true });
  }
}
