(** * Extraction of the certificate checker to OCaml

    What is trusted in the extracted program, beyond Coq's extraction and the OCaml compiler:
    - the mapping of Coq's integers (Z, positive, N) to Zarith's arbitrary-precision integers,
      Coq's own [ExtrOcamlZBigInt]; of booleans, pairs and lists to OCaml's, [ExtrOcamlBasic];
    - driver.ml, which reads the input, folds [step] over the rows from [start], and calls [finish].
      By definition [check data k = finish k (fold_left (step k) data start)], and [check] is what
      [minimum_poisoning_extended] is about.

    Compile with the Makefile in this folder, which writes checker.ml into build/. *)

From Coq Require Import ZArith List.
From Coq Require Extraction ExtrOcamlBasic ExtrOcamlZBigInt.
From MTP Require Import hinge_certificate.

Extraction Language OCaml.
Extraction "checker.ml" start step finish check.
