/*
 * What tests use of Debian: which packages are missing on this computer, what is not run without them, and whether
 * `npm test` may install them itself.
 */

/** A Debian package, whether it is there, and what is not run without it. */
export interface Needed {
  readonly name: string
  /** A file, or the name of a shared library. */
  readonly shows: string
  readonly without: string
}

const app = 'the packaged app'

/** Everything that some test uses beyond what `npm ci` brings. */
export const needed: readonly Needed[] = [
  {
    name: 'docker-registry',
    shows: '/usr/bin/docker-registry',
    without: 'collect from and export to a real registry',
  },
  { name: 'skopeo', shows: '/usr/bin/skopeo', without: 'comparison with skopeo' },
  { name: 'openssl', shows: '/usr/bin/openssl', without: 'checks by openssl, TLS registries' },
  { name: 'tinyproxy', shows: '/usr/bin/tinyproxy', without: 'collecting through an HTTP proxy of others' },
  { name: 'microsocks', shows: '/usr/bin/microsocks', without: 'collecting through a SOCKS proxy of others' },
  { name: 'jq', shows: '/usr/bin/jq', without: 'recomputing of reports' },
  { name: 'dosfstools', shows: '/usr/sbin/mkfs.vfat', without: 'FAT media' },
  { name: 'fusefat', shows: '/usr/bin/fusefat', without: 'FAT media' },
  { name: 'par2', shows: '/usr/bin/par2', without: 'recovery data of media' },
  { name: 'exfatprogs', shows: '/usr/sbin/mkfs.exfat', without: 'exFAT media' },
  { name: 'exfat-fuse', shows: '/usr/sbin/mount.exfat-fuse', without: 'exFAT media' },
  { name: 'xorriso', shows: '/usr/bin/xorriso', without: 'media on discs' },
  { name: 'fuseiso', shows: '/usr/bin/fuseiso', without: 'media on discs' },
  { name: 'genisoimage', shows: '/usr/bin/genisoimage', without: 'media on UDF discs' },
  {
    name: 'python3-fusepy',
    shows: '/usr/lib/python3/dist-packages/fusepy.py',
    without: 'media that fail at every call',
  },
  { name: 'xvfb', shows: '/usr/bin/Xvfb', without: app },
  { name: 'strace', shows: '/usr/bin/strace', without: 'the silence of a high desk, measured' },
  { name: 'x11-utils', shows: '/usr/bin/xwininfo', without: 'the app with the fuses of a release' },
  { name: 'poppler-utils', shows: '/usr/bin/pdftotext', without: 'reading of printed reports' },
  { name: 'fonts-noto-core', shows: '/usr/share/fonts/truetype/noto', without: 'screenshots as designed' },
  { name: 'libnss3', shows: 'libnss3.so', without: app },
  { name: 'libatk-bridge2.0-0', shows: 'libatk-bridge-2.0.so.0', without: app },
  { name: 'libcups2', shows: 'libcups.so.2', without: app },
  { name: 'libgtk-3-0', shows: 'libgtk-3.so.0', without: app },
  { name: 'libgbm1', shows: 'libgbm.so.1', without: app },
  { name: 'libasound2', shows: 'libasound.so.2', without: app },
  { name: 'libxss1', shows: 'libXss.so.1', without: app },
  { name: 'libxtst6', shows: 'libXtst.so.6', without: app },
  { name: 'libdrm2', shows: 'libdrm.so.2', without: app },
]

/** A computer as this question sees it. */
export interface Machine {
  readonly root: boolean
  /** Whether there is a file of that name. */
  readonly has: (path: string) => boolean
  /** Whether programs are linked with a library of that name. */
  readonly links: (library: string) => boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What is missing, whether it is installed, and what is said before anything is done. */
export interface Plan {
  readonly install: readonly string[]
  readonly say: readonly string[]
}

/** As root on Debian what is missing is installed, and that is said first; `SALLYPORT_TEST_INSTALL=0` stops it. */
export function planFor(machine: Machine): Plan {
  const { root, has, links, environment } = machine
  const missing = needed.filter(({ shows }) => !(shows.startsWith('/') ? has(shows) : links(shows)))
  if (missing.length === 0) return { install: [], say: [] }
  const names = missing.map((one) => one.name)
  const debian = has('/etc/debian_version') && has('/usr/bin/apt-get')
  if (root && debian && environment['SALLYPORT_TEST_INSTALL'] !== '0') {
    return {
      install: names,
      say: [
        `Installing what tests need (SALLYPORT_TEST_INSTALL=0 stops that): apt-get install ${names.join(' ')}`,
      ],
    }
  }
  const without = [...new Set(missing.map((one) => one.without))]
  return {
    install: [],
    say: [
      `To run everything: sudo apt-get install ${names.join(' ')}`,
      ...without.map((one) => `Not run without it: ${one}`),
    ],
  }
}
