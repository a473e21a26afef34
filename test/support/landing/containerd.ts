import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programPath } from '../go-programs.ts'
import { alone } from './alone.ts'
import type { FarSide } from './site.ts'

/** What became of one pull, and what containerd said. */
export interface Pulled {
  readonly taken: boolean
  readonly said: string
}

/** A kit of containerd in a folder of its own, with the places that it names turned to that folder. */
export interface Node {
  readonly folder: string
  /** Takes images one after the other, in a containerd that was never used. */
  readonly pull: (names: readonly string[], more?: readonly string[]) => Promise<Pulled[]>
}

const mark = '== '

// Everything in one network, which has nothing in it but the registry; nothing is unpacked by the kernel.
const script = `
"$1" --config "$3/containerd.toml" >"$3/log" 2>&1 &
daemon=$!
trap 'kill -9 $daemon' EXIT
for try in $(seq 400); do [ -S "$3/socket" ] && break; sleep 0.05; done
ctr="$2"; node="$3"; more="$4"
shift 4
for name in "$@"; do
  "$ctr" -a "$node/socket" image pull $more --snapshotter native --hosts-dir "$node/certs.d" "$name" 2>&1
  echo "${mark}$?"
done
`

/**
 * Installs what a kit of containerd has.
 *
 * @param programs the folder in which a program `sallyport` is that answers `admit`
 */
export function installNode(far: Pick<FarSide, 'registry'>, kit: string, programs: string): Node {
  const turned = (file: string): string =>
    readFileSync(join(kit, file), 'utf8')
      .replaceAll('/etc/sallyport', kit)
      .replaceAll('/etc/containerd/certs.d', join(kit, 'certs.d'))
      .replaceAll('/var/lib/sallyport', join(kit, 'state'))
      .replaceAll('/usr/local/bin', programs)
  writeFileSync(join(kit, 'config.d/sallyport.toml'), turned('config.d/sallyport.toml'))
  writeFileSync(join(kit, 'bin/sallyport-admit'), turned('bin/sallyport-admit'))
  chmodSync(join(kit, 'bin/sallyport-admit'), 0o755)
  mkdirSync(join(kit, 'state'), { recursive: true })
  let runs = 0
  return {
    folder: kit,
    pull: async (names, more = []) => {
      const own = join(kit, `run-${(runs += 1)}`)
      mkdirSync(own)
      const off = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime']
      const lines = [
        'version = 3',
        `root = "${own}/root"`,
        `state = "${own}/run"`,
        `imports = ["${kit}/config.d/sallyport.toml"]`,
        `disabled_plugins = ${JSON.stringify([...off, 'io.containerd.nri.v1.nri'])}`,
        '[grpc]',
        `address = "${kit}/socket"`,
        '[[plugins."io.containerd.transfer.v1.local".unpack_config]]',
        'platform = "linux/amd64"',
        'snapshotter = "native"',
      ]
      writeFileSync(join(kit, 'containerd.toml'), `${lines.join('\n')}\n`)
      const words = [programPath('containerd'), programPath('ctr'), kit, more.join(' '), ...names]
      const { said } = await alone(far.registry, ['bash', '-c', script, 'node', ...words])
      const parts = said.split(new RegExp(`^${mark}([0-9]+)\\n`, 'm'))
      return names.map((_, i) => ({ taken: parts[2 * i + 1] === '0', said: parts[2 * i] ?? said }))
    },
  }
}
