/** Fields of forms: what they are called, what helps, and what is wrong, each tied to its field. */
import { type HTMLAttributes, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";

interface Named {
  label: string;
  help?: ReactNode;
  /** What is wrong with what was typed; empty for nothing. */
  wrong?: string | undefined;
  optional?: boolean;
}

type Written = Pick<HTMLAttributes<HTMLElement>, "inputMode" | "onBlur"> & {
  name?: string;
  autoComplete?: string;
  placeholder?: string;
  maxLength?: number;
  disabled?: boolean;
};

interface Tied {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** A label, help and error around any control, which takes what it is given. */
export function Field({
  label,
  help,
  wrong,
  optional,
  children,
}: Named & { children: (tied: Tied) => ReactNode }) {
  const { t } = useTranslation("shared");
  const id = useId();
  const told = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>
        {label}
        {optional && <span className={classes.optional}> {t("optional")}</span>}
      </label>
      {help && (
        <div id={`${id}-help`} className={classes.help}>
          {help}
        </div>
      )}
      {children({ id, "aria-describedby": told || undefined, "aria-invalid": wrong ? true : undefined })}
      {wrong && (
        <p id={`${id}-wrong`} role="alert" className={classes.wrong}>
          {wrong}
        </p>
      )}
    </div>
  );
}

export interface TextProps extends Named, Written {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "date" | "month" | "time" | "url" | "tel";
  required?: boolean;
  /** What stands behind the field, such as a unit. */
  unit?: string;
}

export function TextField({
  label,
  help,
  wrong,
  optional,
  value,
  onChange,
  unit,
  type = "text",
  ...rest
}: TextProps) {
  return (
    <Field {...{ label, help, wrong, optional: optional ?? false }}>
      {(tied) => (
        <span className={classes.row}>
          <input
            {...tied}
            {...rest}
            type={type}
            className={classes.input}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          {unit && <span className={classes.unit}>{unit}</span>}
        </span>
      )}
    </Field>
  );
}

export interface NumberProps extends Named {
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  unit?: string;
  required?: boolean;
}

const SHOWN = new Intl.NumberFormat("ko-KR");

/** A whole number, shown with its thousands apart as long as nobody types in it; null while it is none. */
export function NumberField({
  label,
  help,
  wrong,
  optional,
  value,
  onChange,
  unit,
  min = 0,
  max,
  required,
}: NumberProps) {
  const { t } = useTranslation("shared");
  const [typed, setTyped] = useState<string | null>(null);
  const beyond = value !== null && (value < min || (max !== undefined && value > max));
  const bounds = max === undefined ? t("atLeast", { min }) : t("between", { min, max: SHOWN.format(max) });
  const fault = wrong || (typed === null && beyond ? bounds : "");
  return (
    <Field {...{ label, help, wrong: fault, optional: optional ?? false }}>
      {(tied) => (
        <span className={classes.row}>
          <input
            {...tied}
            required={required}
            className={classes.input}
            data-number
            inputMode="numeric"
            autoComplete="off"
            value={typed ?? (value === null ? "" : SHOWN.format(value))}
            onFocus={() => setTyped(value === null ? "" : String(value))}
            onBlur={() => setTyped(null)}
            onChange={(event) => {
              const text = event.currentTarget.value;
              setTyped(text);
              onChange(whole(text));
            }}
          />
          {unit && <span className={classes.unit}>{unit}</span>}
        </span>
      )}
    </Field>
  );
}

/** A number as people write it, with commas, blanks, won signs; null for anything else. */
export function whole(text: string): number | null {
  const bare = text.normalize("NFKC").replaceAll(/[\s,₩\\원]/g, "");
  return /^-?\d{1,15}$/.test(bare) ? Number(bare) : null;
}

export interface Option<V extends string> {
  value: V;
  label: string;
  help?: string;
}

export interface SelectProps<V extends string> extends Named {
  value: V | "";
  onChange: (value: V) => void;
  options: readonly Option<V>[];
  /** What stands there before anything is chosen. */
  none?: string;
}

export function SelectField<V extends string>(props: SelectProps<V>) {
  const { label, help, wrong, optional, value, onChange, options, none } = props;
  return (
    <Field {...{ label, help, wrong, optional: optional ?? false }}>
      {(tied) => (
        <select
          {...tied}
          className={classes.input}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as V)}
        >
          {none !== undefined && (
            <option value="" disabled={!optional}>
              {none}
            </option>
          )}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface AreaProps extends Named, Written {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
}

export function AreaField({ label, help, wrong, optional, value, onChange, rows = 4, ...rest }: AreaProps) {
  return (
    <Field {...{ label, help, wrong, optional: optional ?? false }}>
      {(tied) => (
        <textarea
          {...tied}
          {...rest}
          rows={rows}
          className={classes.input}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One thing that is so or not. */
export function CheckField(props: {
  label: ReactNode;
  help?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className={classes.check}>
      <input
        id={id}
        type="checkbox"
        checked={props.checked}
        aria-describedby={props.help ? `${id}-help` : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{props.label}</label>
      {props.help && (
        <p id={`${id}-help`} className={classes.help}>
          {props.help}
        </p>
      )}
    </div>
  );
}

interface GroupProps<V extends string> {
  label: string;
  help?: ReactNode;
  options: readonly Option<V>[];
  /** Whether each option has a line of its own, as those with help have. */
  wide?: boolean;
}

/** One of a few. */
export function RadioField<V extends string>(
  props: GroupProps<V> & { value: V | ""; onChange: (value: V) => void },
) {
  return <Group {...props} type="radio" has={(one) => one === props.value} toggle={props.onChange} />;
}

/** Some of a few, kept in the order in which they are offered. */
export function ChoicesField<V extends string>(
  props: GroupProps<V> & { value: readonly V[]; onChange: (value: V[]) => void },
) {
  const { value, options, onChange } = props;
  const toggle = (one: V) => {
    const wanted = value.includes(one) ? value.filter((other) => other !== one) : [...value, one];
    onChange(options.map((option) => option.value).filter((option) => wanted.includes(option)));
  };
  return <Group {...props} type="checkbox" has={(one) => value.includes(one)} toggle={toggle} />;
}

function Group<V extends string>(
  props: GroupProps<V> & { type: "radio" | "checkbox"; has: (one: V) => boolean; toggle: (one: V) => void },
) {
  const id = useId();
  return (
    <fieldset className={classes.group} aria-describedby={props.help ? `${id}-help` : undefined}>
      <legend className={classes.label}>{props.label}</legend>
      {props.help && (
        <div id={`${id}-help`} className={classes.help}>
          {props.help}
        </div>
      )}
      <div className={classes.options} data-wide={props.wide || undefined}>
        {props.options.map((option) => (
          <label key={option.value} className={classes.option} data-on={props.has(option.value) || undefined}>
            <input
              type={props.type}
              name={id}
              checked={props.has(option.value)}
              onChange={() => props.toggle(option.value)}
            />
            <span>
              {option.label}
              {option.help && <span className={classes.help}>{option.help}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
