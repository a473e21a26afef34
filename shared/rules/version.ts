/**
 * The version of the rules about people and their acts. Each event names the one that it was made under, and is judged
 * by that at every replay; what newer rules would not allow is flagged, never taken back.
 *
 * 1: until halves of a hold outlived a revocation, and names were not compared.
 * 2: a revocation voids every half of whatever is not accepted or rejected; two ids with one name are one person.
 * 3: a desk is no other desk to itself: it is not paired with itself, and is neither sender nor owner of a channel there.
 * 4: a trust package is judged at no time before that of the one before it; new keys of timestamp and snapshot let their
 * versions begin anew.
 */
export const rulesNow = 4

/** The rules of an event that names none. */
export const rulesFirst = 1
