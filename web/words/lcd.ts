/**
 * Words around the LCD unit; what stands on its display has words of its own in the domain.
 * A part of the one catalogue that comes with the panel.
 */

export const LCD_PANEL_WORDS = {
  heading: 'LCD unit',
  buttons: { up: 'UP', down: 'DOWN', start: 'START', stop: 'STOP' },
  signs: { up: '▲', down: '▼', start: 'START', stop: 'STOP' },
  help: 'Click for a short press; hold it, or Shift+Enter, for a long one. START held opens the settings.',
  pressed: (button: string) => `Press ${button}`,
  held: (button: string) => `Hold ${button}`,
  light: { on: 'Back light on', off: 'Back light off' },
  beeps: 'Beeper sounds',
  alarm: 'Alarm',
  dark: 'The display is dead.',
  states: ['Off', 'Booting', 'On', 'Asleep', 'Updating'],
} as const;
