module heldback

go 1.22

require programs v0.0.0

replace programs => ../../programs/go
