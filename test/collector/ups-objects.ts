/** Objects of UPS-MIB (RFC 1628) that timelines of a UPS set. */
export const UPS = '1.3.6.1.2.1.33.1';
/** upsOutputSource */
export const SOURCE = `${UPS}.4.1.0`;
/** upsBatteryStatus */
export const STATUS = `${UPS}.2.1.0`;
/** upsSecondsOnBattery */
export const SECONDS = `${UPS}.2.2.0`;
/** upsEstimatedMinutesRemaining */
export const MINUTES = `${UPS}.2.3.0`;
/** upsEstimatedChargeRemaining */
export const CHARGE = `${UPS}.2.4.0`;
/** upsInputVoltage of the first line */
export const INPUT_VOLTS = `${UPS}.3.3.1.3.1`;
/** upsOutputPercentLoad of the first line */
export const LOAD = `${UPS}.4.4.1.5.1`;
