/*
 * Archives in archives whose files are wanted: those of a Zarf package, and the charts in them. They are told by their
 * places: there nothing else may stand, so what cannot be read there refuses the whole.
 */

const ofPackage = /^(components\/[^/]+|sboms|documentation)\.tar$/
// A chart in a component; helm takes whatever ends so in `charts/` of a chart for a chart; what is packed in those again is left as it is.
const chart = /^components\/[^/]+\.tar\/[^/]+\/charts\/[^/]+\.tgz$/
const subchart = /^(?:components\/[^/]+\.tar\/[^/]+\/charts\/[^/]+\.tgz\/)?[^/]+\/charts\/[^/]+\.tgz$/

/** Whether a file is such an archive, by its path below the package or chart. */
export function isInnerArchive(path: string): boolean {
  return ofPackage.test(path) || chart.test(path) || subchart.test(path)
}
