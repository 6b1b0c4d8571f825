/**
 * The LCD unit's buttons and pages by name; their order is their number in the kernel.
 * Apart from the texts because kernel, commands and channels know pages without a word of them.
 */

export const BUTTONS = ['up', 'down', 'start', 'stop'] as const;
export type Button = (typeof BUTTONS)[number];

/** Pages in the order in which UP and DOWN turn them; the settings menu is entered by holding START. */
export const LCD_PAGES = ['overview', 'cells', 'temperatures', 'balance', 'impedance', 'alarms', 'settings'] as const;
export type LcdPage = (typeof LCD_PAGES)[number];

/** What the last press came to, where that has to be said. */
export const LCD_NOTICES = ['none', 'stored', 'wrongOrder', 'outOfRange', 'currentFlows'] as const;
export type LcdNotice = (typeof LCD_NOTICES)[number];

/** A held UP or DOWN repeats at this interval, each time by so many steps (assumed): 0.1 Ah to 280 Ah takes a minute. */
export const HOLD_REPEAT = { every_s: 0.2, steps: 10 } as const;

/** Number of a press in the kernel: the button, and beyond all buttons the same button held. */
export function pressCode(button: Button, held: boolean): number {
  return BUTTONS.indexOf(button) + (held ? BUTTONS.length : 0);
}
