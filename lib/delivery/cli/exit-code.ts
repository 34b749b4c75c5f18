/** What the command's end says to a script; Ctrl-C is 130, as shells have it. */
export const EXIT = { ok: 0, barMissed: 1, wrongUse: 2, notDone: 3, interrupted: 130 } as const

/** The command line itself is wrong. */
export class WrongUse extends Error {}

/** The command is right and could not be carried out; the message names the remedy where there is one. */
export class NotDone extends Error {}
