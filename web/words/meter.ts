/**
 * Words of the multimeter.
 * A part of the one catalogue in words.ts, separate only for its length.
 */

export const METER_WORDS = {
  meter: {
    heading: 'Multimeter',
    toggle: 'Meter',
    help: 'Choose two points, or touch them on the drawing with the probes',
    modes: { volts: 'V', ohms: 'Ω', clamp: 'A' },
    modeNames: { volts: 'Volts', ohms: 'Ohms, with the connectors unplugged', clamp: 'Clamp' },
    mode: 'What is measured',
    red: 'Red probe',
    black: 'Black probe',
    around: 'Clamp around',
    places: { pack: 'pack cable', charge: 'charge cable', discharge: 'discharge cable' },
    mean: 'mean',
    rms: 'RMS',
    open: 'OL',
    none: '– – –',
    touch: (point: string) => `Touch ${point}`,
    points: {
      cell: (number: number, end: string) => `cell ${number} ${end}`,
      tap: (tap: string) => `tap ${tap}`,
      pin: (connector: string, pin: string) => `pin ${connector}.${pin}`,
      others: {
        pack: 'pack',
        bus: 'bus',
        shunt: 'shunt',
        'coil charge': 'charge coil',
        'coil discharge': 'discharge coil',
      } as Record<string, string>,
    },
    swap: 'Swap the probes',
  },
} as const;
