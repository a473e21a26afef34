import type { Wanted } from '../../archive/wanted.ts'

/*
 * Archives in archives whose files are wanted: those of a Zarf package, and the charts in them. They are told by their
 * places: there nothing else may stand, so what cannot be read there refuses the whole.
 */

const ofPackage = /^(components\/[^/]+|sboms|documentation)\.tar$/
const chart = /^components\/[^/]+\.tar\/[^/]+\/charts\/[^/]+\.tgz$/
// Helm takes whatever ends so in `charts/` of a chart for a chart; what is packed in those again is left as it is. Other
// folders have packed charts in a `charts/` of theirs, so the chart itself must have been seen before.
const subchart = /^((?:components\/[^/]+\.tar\/[^/]+\/charts\/[^/]+\.tgz\/)?[^/]+\/)charts\/[^/]+\.tgz$/

/** Whether a file is such an archive, by its path below the package or chart. */
export const isInnerArchive: Wanted['isArchive'] = (path, seen) => {
  if (ofPackage.test(path) || chart.test(path)) return true
  const [, parent] = subchart.exec(path) ?? []
  return parent !== undefined && seen.has(`${parent}Chart.yaml`)
}

/** The same, as what every going through wants. */
export const innerArchives: Wanted = { isArchive: isInnerArchive, isDocument: () => false }
