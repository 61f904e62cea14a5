(* Reads a hinge lower-bound certificate (text form: README.md) from a file or standard input and
   runs the checker that Coq extracted.  Prints "valid K" or "invalid".
   Exit status: 0 valid, 1 invalid, 2 malformed input or usage.

   This file only parses.  It calls three extracted functions, and rows are folded as they are
   read, so memory does not grow with the number of rows. *)

exception Malformed of string

let fail line message = raise (Malformed (Printf.sprintf "line %d: %s" line message))

(* An optional minus sign and at least one decimal digit: nothing else is an integer here. *)
let integer line token =
  let length = String.length token in
  let first = if length > 0 && token.[0] = '-' then 1 else 0 in
  if length = first then fail line (Printf.sprintf "not an integer: %S" token);
  for i = first to length - 1 do
    match token.[i] with
    | '0' .. '9' -> ()
    | _ -> fail line (Printf.sprintf "not an integer: %S" token)
  done;
  Z.of_string token

let () =
  let channel, name =
    match Sys.argv with
    | [| _ |] -> (stdin, "standard input")
    | [| _; path |] when path <> "-h" && path <> "--help" -> (
        try (open_in_bin path, path)
        with Sys_error message ->
          prerr_endline ("cannot read " ^ message);
          exit 2)
    | _ ->
        prerr_endline "usage: hinge_checker [FILE]   (exit 0 valid, 1 invalid, 2 malformed)";
        exit 2
  in
  let number = ref 0 in
  let next () =
    incr number;
    try input_line channel with End_of_file -> fail !number "unexpected end of the file"
  in
  (* A line "KEY v1 ... vn": exactly n integers, single spaces. *)
  let fields key n =
    match String.split_on_char ' ' (next ()) with
    | first :: rest when first = key ->
        let values = List.map (integer !number) rest in
        if List.length values <> n then
          fail !number (Printf.sprintf "%s needs %d integers, not %d" key n (List.length values));
        values
    | _ -> fail !number (Printf.sprintf "expected a line %S" (key ^ " ..."))
  in
  let one key = List.hd (fields key 1) in
  let two key = match fields key 2 with [ a; b ] -> (a, b) | _ -> assert false in
  let small key =
    let value = one key in
    if Z.sign value <= 0 || Z.gt value (Z.of_int 1_000_000_000) then
      fail !number (key ^ " must be between 1 and 10^9");
    Z.to_int value
  in
  try
    if next () <> "hinge-certificate 1" then fail 1 "expected \"hinge-certificate 1\"";
    let dimension = small "dimension" in
    let scale = one "scale" in
    let lower = fields "lower" dimension in
    let upper = fields "upper" dimension in
    let c_num, c_den = two "c" in
    let den = one "den" in
    let target = fields "target" dimension in
    let other = fields "other" dimension in
    let mu_plus, mu_minus = two "mu" in
    let rho_num, rho_den = two "rho" in
    let bound = one "bound" in
    let rows = small "rows" in
    let certificate =
      { Checker.scale; lower; upper; c_num; c_den; den; target; other; mu_plus; mu_minus; rho_num;
        rho_den; bound }
    in
    let read_row () =
      match String.split_on_char ' ' (next ()) with
      | "+1" :: rest -> (true, List.map (integer !number) rest)
      | "-1" :: rest -> (false, List.map (integer !number) rest)
      | _ -> fail !number "a row starts with +1 or -1"
    in
    let sums = ref Checker.start in
    for _ = 1 to rows do
      let ((_, features) as row) = read_row () in
      if List.compare_length_with features dimension <> 0 then
        fail !number (Printf.sprintf "a row needs %d features" dimension);
      sums := Checker.step certificate !sums row
    done;
    if next () <> "end" then fail !number "expected \"end\"";
    (match input_char channel with
    | exception End_of_file -> ()
    | _ -> fail (!number + 1) "text after \"end\"");
    if Checker.finish certificate !sums then (
      print_endline ("valid " ^ Z.to_string bound);
      exit 0)
    else (
      print_endline "invalid";
      exit 1)
  with Malformed message ->
    prerr_endline (name ^ ": " ^ message);
    exit 2
